#pragma once

#include "platform/jobs/overview.hpp"

namespace referral::operations {

/// A kind's queue, and what the kind is for.
struct JobQueue {
    jobs::Queue queue;
    std::string meaning;
};

}  // namespace referral::operations

namespace referral::schema {

/// A queue's members and `meaning` beside them.
template <>
struct Json<operations::JobQueue> {
    static json::value write(const operations::JobQueue& row) {
        json::value object = Json<jobs::Queue>::write(row.queue);
        object.as_object()["meaning"] = json::string(row.meaning);
        return object;
    }
    static json::object describe(Components& components) {
        json::object reference = Json<jobs::Queue>::describe(components);
        json::object& queue = components["Queue"].as_object();
        if (queue["properties"].as_object().contains("meaning")) return reference;
        queue["properties"].as_object()["meaning"] = {
            {"type", "string"}, {"description", "What jobs of the kind are for."}};
        queue["required"].as_array().emplace_back("meaning");
        return reference;
    }
};

}  // namespace referral::schema
