#include "links/epochs.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace referral::links {
namespace {

class EpochsTest : public ::testing::Test {
protected:
    void retire() {
        epochs.retire([this] { ++released; });
    }

    int released = 0;
    Epochs epochs;
};

TEST_F(EpochsTest, ReleaseAtOnceWithoutReaders) {
    retire();
    EXPECT_EQ(released, 0);

    epochs.reclaim();

    EXPECT_EQ(released, 1);
}

TEST_F(EpochsTest, WaitForAReaderUntilItPasses) {
    Epochs::Reading reading(epochs);
    reading.enter();
    retire();

    epochs.reclaim();
    EXPECT_EQ(released, 0);

    reading.pass();
    epochs.reclaim();
    EXPECT_EQ(released, 1);
}

TEST_F(EpochsTest, DoNotWaitForAReaderAtRest) {
    Epochs::Reading reading(epochs);
    reading.enter();
    retire();

    reading.rest();
    epochs.reclaim();

    EXPECT_EQ(released, 1);
}

TEST_F(EpochsTest, DoNotWaitForAReaderThatBeganLater) {
    retire();
    Epochs::Reading reading(epochs);
    reading.enter();

    epochs.reclaim();

    EXPECT_EQ(released, 1);
}

TEST_F(EpochsTest, PassingAtRestStaysAtRest) {
    Epochs::Reading reading(epochs);
    reading.pass();
    retire();

    epochs.reclaim();

    EXPECT_EQ(released, 1);
}

TEST_F(EpochsTest, WaitForTheSlowestReader) {
    Epochs::Reading quick(epochs);
    Epochs::Reading slow(epochs);
    quick.enter();
    slow.enter();
    retire();

    quick.pass();
    epochs.reclaim();
    EXPECT_EQ(released, 0);

    slow.pass();
    epochs.reclaim();
    EXPECT_EQ(released, 1);
}

TEST_F(EpochsTest, ReleaseEverythingAtTheEnd) {
    int left = 2;
    {
        Epochs own;
        own.retire([&] { --left; });
        own.retire([&] { --left; });
    }
    EXPECT_EQ(left, 0);
}

TEST_F(EpochsTest, LetPlacesBeTakenAgain) {
    for (std::size_t i = 0; i < 2 * Epochs::readers_max; ++i) {
        Epochs::Reading reading(epochs);
        reading.enter();
    }
    retire();
    epochs.reclaim();
    EXPECT_EQ(released, 1);
}

TEST(Epochs, NeverReleaseWhatAReaderStillSees) {
    // Readers follow a pointer to a number that is spoilt when released; run under the sanitizers.
    constexpr int changes = 20'000;
    Epochs epochs;
    std::atomic<int*> shown = std::make_unique<int>(1).release();
    std::atomic<bool> done = false;
    std::atomic<int> spoilt = 0;
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 3; ++i)
            readers.emplace_back([&, i] {
                Epochs::Reading reading(epochs);
                for (int n = 0; !done.load(std::memory_order_relaxed); ++n) {
                    reading.enter();
                    if (*shown.load(std::memory_order_acquire) != 1) ++spoilt;
                    if ((n + i) % 7 == 0)
                        reading.rest();
                    else
                        reading.pass();
                }
            });
        for (int i = 0; i < changes; ++i) {
            int* old = shown.exchange(std::make_unique<int>(1).release());
            epochs.retire([old] {
                *old = 0;
                std::unique_ptr<int>{old}.reset();
            });
            epochs.reclaim();
        }
        done = true;
    }
    EXPECT_EQ(spoilt, 0);
    std::unique_ptr<int>{shown.load()}.reset();
}

}  // namespace
}  // namespace referral::links
