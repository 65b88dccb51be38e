// The same random draws in every program: xorshift32 picks one of 1,024 quantiles of the exponential
// distribution with this mean in ns, and adds a few ns, so that equal times stay rare.
#pragma once
#include <cmath>
#include <cstdint>

struct Draws {
  double quantiles[1024];
  uint32_t state;
  uint32_t jitter;

  Draws(double mean, uint32_t seed, uint32_t jitter) : state(seed), jitter(jitter) {
    for (int i = 0; i < 1024; i++) quantiles[i] = std::round(-std::log(1 - (i + 0.5) / 1024) * mean);
  }
  double next() {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return quantiles[state >> 22] + (state & jitter);
  }
};
