// M/M/4 at utilisation 0.9 on std::priority_queue, as a state machine.
// mm4 <customers>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <queue>
#include <vector>
#include "draws.hpp"

struct Event {
  double time;
  uint64_t sequence;
  bool arrival;
};
struct Later {
  bool operator()(const Event &a, const Event &b) const {
    return a.time > b.time || (a.time == b.time && a.sequence > b.sequence);
  }
};

struct Mm4 {
  Draws arrivals{1e6 / 3.6, 1, 0xff};
  Draws services{1e6, 2, 0xff};
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  std::deque<double> line;
  uint64_t sequence = 0;
  uint64_t served = 0;
  double waited = 0;
  double now = 0;
  int idle = 4;

  Mm4() { queue.push({arrivals.next(), sequence++, true}); }
  void serve(double came) {
    waited += now - came;
    served++;
    queue.push({now + services.next(), sequence++, false});
  }
  void run(uint64_t until) {
    while (served < until) {
      const Event event = queue.top();
      queue.pop();
      now = event.time;
      if (event.arrival) {
        queue.push({now + arrivals.next(), sequence++, true});
        if (idle > 0) {
          idle--;
          serve(now);
        } else {
          line.push_back(now);
        }
      } else if (line.empty()) {
        idle++;
      } else {
        const double came = line.front();
        line.pop_front();
        serve(came);
      }
    }
  }
};

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const uint64_t customers = std::strtoull(argv[1], nullptr, 10);
  Mm4 model;
  model.run(customers / 4);
  const uint64_t before = model.served;
  const clock_t start = clock();
  model.run(before + customers);
  const double seconds = double(clock() - start) / CLOCKS_PER_SEC;
  std::printf("{\"rate\": %.6f, \"check\": %.0f}\n", 2 * customers / seconds / 1e6, model.waited);
}
