// The same two models on ns-3's scheduler, with its callbacks.
// ns3 hold <pending> <events> <scheduler> | ns3 mm4 <customers> <scheduler>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <string>
#include "draws.hpp"
#include "ns3/core-module.h"

using namespace ns3;

static uint64_t left;
static double now() { return Simulator::Now().GetNanoSeconds(); }
static void use(const char *scheduler) {
  ObjectFactory factory;
  factory.SetTypeId(std::string("ns3::") + scheduler + "Scheduler");
  Simulator::SetScheduler(factory);
}

static Draws holdDraws(1e9, 1, 0xffff);
static void hold() {
  if (--left == 0) Simulator::Stop();
  Simulator::Schedule(NanoSeconds(int64_t(holdDraws.next())), &hold);
}

static Draws arrivals(1e6 / 3.6, 1, 0xff);
static Draws services(1e6, 2, 0xff);
static std::deque<double> line;
static int idle = 4;
static double waited = 0;
static void leave();
static void serve(double came) {
  waited += now() - came;
  if (--left == 0) Simulator::Stop();
  Simulator::Schedule(NanoSeconds(int64_t(services.next())), &leave);
}
static void leave() {
  if (line.empty()) {
    idle++;
    return;
  }
  const double came = line.front();
  line.pop_front();
  serve(came);
}
static void arrive() {
  Simulator::Schedule(NanoSeconds(int64_t(arrivals.next())), &arrive);
  if (idle > 0) {
    idle--;
    serve(now());
  } else {
    line.push_back(now());
  }
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  const bool isHold = std::strcmp(argv[1], "hold") == 0;
  use(argv[argc - 1]);
  const uint64_t count = std::strtoull(argv[isHold ? 3 : 2], nullptr, 10);
  if (isHold) {
    const size_t pending = std::strtoull(argv[2], nullptr, 10);
    for (size_t i = 0; i < pending; i++) {
      Simulator::Schedule(NanoSeconds(int64_t(holdDraws.next())), &hold);
    }
  } else {
    Simulator::Schedule(NanoSeconds(int64_t(arrivals.next())), &arrive);
  }
  left = count / 4;
  Simulator::Run();
  left = count;
  const clock_t start = clock();
  Simulator::Run();
  const double seconds = double(clock() - start) / CLOCKS_PER_SEC;
  std::printf("{\"rate\": %.6f, \"check\": %.0f}\n", (isHold ? 1 : 2) * count / seconds / 1e6,
              isHold ? now() : waited);
}
