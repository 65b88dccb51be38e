// HOLD on std::priority_queue: take the earliest of N pending events, schedule another later.
// hold <pending> <events>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <vector>
#include "draws.hpp"

struct Event {
  double time;
  uint64_t sequence;
};
struct Later {
  bool operator()(const Event &a, const Event &b) const {
    return a.time > b.time || (a.time == b.time && a.sequence > b.sequence);
  }
};

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const size_t pending = std::strtoull(argv[1], nullptr, 10);
  const size_t events = std::strtoull(argv[2], nullptr, 10);
  Draws draws(1e9, 1, 0xffff);
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  uint64_t sequence = 0;
  double now = 0;
  for (size_t i = 0; i < pending; i++) queue.push({draws.next(), sequence++});
  const auto run = [&](size_t count) {
    for (size_t i = 0; i < count; i++) {
      now = queue.top().time;
      queue.pop();
      queue.push({now + draws.next(), sequence++});
    }
  };
  run(events / 4);
  const clock_t start = clock();
  run(events);
  const double seconds = double(clock() - start) / CLOCKS_PER_SEC;
  std::printf("{\"rate\": %.6f, \"check\": %.0f}\n", events / seconds / 1e6, now);
}
