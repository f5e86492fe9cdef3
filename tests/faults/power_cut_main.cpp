/// power_cut LOG DIRECTORY SEED: see power_cut.hpp.

#include <cstdio>
#include <cstdlib>

#include "faults/power_cut.hpp"

int main(int count, char** words) {
    if (count != 4) {
        std::fprintf(stderr, "usage: power_cut LOG DIRECTORY SEED\n");
        return 2;
    }
    const auto done =
        referral::faults::cut_power(words[1], words[2], std::strtoull(words[3], nullptr, 10));
    std::printf("files %llu sectors %llu lost %llu\n", static_cast<unsigned long long>(done.files),
                static_cast<unsigned long long>(done.sectors),
                static_cast<unsigned long long>(done.lost));
    return 0;
}
