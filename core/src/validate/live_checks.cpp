#include <chrono>
#include <stdexcept>
#include <thread>

#include "validate/checks.hpp"
#include "validate/exercise.hpp"
#include "validate/process.hpp"
#include "validate/released.hpp"

namespace stoa::core::validate {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCycles = 100;
constexpr int kWarmUp = 20;
constexpr std::size_t kKeptPerCycle = 128;  // bytes; what the allocator rounds is less
constexpr std::chrono::seconds kFaultBudget{15};

// A thread that was told to end may need a moment.
bool back_to(std::size_t threads) {
  const auto deadline = Clock::now() + std::chrono::seconds(1);
  while (thread_count() > threads) {
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

// Stays as long as the process: threads that a plugin has left behind may still use it.
Stage& set_up(Teller& teller, const plugins::Binary& binary, const Place& place) {
  return *new Stage({place.scratch, place.shelves, teller}, binary);
}

}  // namespace

void check_lifecycle(Teller& teller, const plugins::Binary& binary, const Place& place) {
  Stage& stage = set_up(teller, binary, place);
  Watch& watch = Watch::start(teller);
  const std::size_t threads = thread_count();
  for (const char* round : {"", ", a second time"}) {
    teller.under(round);
    Subject subject(stage, watch);
    if (!subject.live()) throw std::runtime_error(subject.refusal());
  }
  (void)back_to(threads);  // what such threads do until then is told
}

void check_leaks(Teller& teller, const plugins::Binary& binary, const Place& place) {
  Stage& stage = set_up(teller, binary, place);
  Watch& watch = Watch::start(teller);
  const std::size_t threads = thread_count();
  const auto once = [&] {
    Subject subject(stage, watch);
    subject.live();
  };
  once();
  if (!back_to(threads)) teller.fault("leaves a thread behind that outlives stop and destroy");
  for (const std::string& id : stage.held()) teller.fault("does not release a lease of a service of " + id);
  const auto before = descriptors(place.scratch);
  once();
  once();
  for (const std::string& descriptor : descriptors(place.scratch)) {
    if (!before.count(descriptor)) teller.fault("leaves a descriptor open: " + descriptor);
  }
}

void check_cycles(Teller& teller, const plugins::Binary& binary, const Place& place) {
  Stage& stage = set_up(teller, binary, place);
  Watch& watch = Watch::start(teller);
  std::size_t before = 0;
  for (int i = 0; i < kCycles; ++i) {
    if (i == kWarmUp) before = allocated();
    Subject subject(stage, watch);
    if (!subject.create()) throw std::runtime_error(subject.refusal() + ", cycle " + std::to_string(i + 1));
    subject.destroy();
  }
  const std::size_t after = allocated();
  const std::size_t kept = after > before ? (after - before) / (kCycles - kWarmUp) : 0;
  if (kept > kKeptPerCycle)
    teller.fault("keeps " + std::to_string(kept) + " bytes at each create and destroy");
}

void check_tables(Teller& teller, const plugins::Binary& binary, const Place& place) {
  Stage& stage = set_up(teller, binary, place);
  Watch& watch = Watch::start(teller);
  std::size_t without = 0, hosts = 0;
  for (const ReleasedTable& table : released_tables()) {
    std::vector<std::uint32_t> sizes = table.sizes;
    sizes.push_back(0);
    for (const std::uint32_t size : sizes) {
      watch.restore();
      watch.truncate(std::string(table.id), size);
      teller.under(", on a host " +
                   (size ? "whose " + std::string(table.id) + " has " + std::to_string(size) + " bytes"
                         : "without " + std::string(table.id)));
      Subject subject(stage, watch);
      without += subject.live();
      ++hosts;
    }
  }
  teller.note("works on " + std::to_string(without) + " of " + std::to_string(hosts) +
              " lesser hosts, refuses the others");
}

void check_callbacks(Teller& teller, const plugins::Binary& binary, const Place& place) {
  Stage& stage = set_up(teller, binary, place);
  Watch& watch = Watch::start(teller);
  Subject subject(stage, watch);
  if (!subject.create() || !subject.migrate() || !subject.start())
    throw std::runtime_error(subject.refusal());
  exercise(stage, watch, subject.generation(), false);
  if (!subject.drain() || !subject.stop()) teller.fault(subject.refusal());
  const auto& parts = subject.generation()->contributions;
  teller.note(std::to_string(parts.routes.size()) + " routes, " + std::to_string(parts.pages.size()) +
              " pages, " + std::to_string(parts.filters.size()) + " filters, " +
              std::to_string(parts.channels.size()) + " channels, " +
              std::to_string(parts.subscribers.size()) + " subscribers, " +
              std::to_string(parts.commands.size()) + " commands, " + std::to_string(parts.agenda->queues()) +
              " queues");
}

void check_faults(Teller& teller, const plugins::Binary& binary, const Place& place) {
  Stage& stage = set_up(teller, binary, place);
  Watch& watch = Watch::start(teller);
  const auto round = [&](std::uint64_t n) {
    teller.under("");
    watch.fail_at(n);
    Subject subject(stage, watch);
    if (subject.create() && subject.migrate() && subject.start())
      exercise(stage, watch, subject.generation(), n > 0);
    subject.drain();
    return watch.failable();
  };
  const std::uint64_t calls = round(0);
  const auto deadline = Clock::now() + kFaultBudget;
  std::uint64_t n = 0;
  while (n < calls && Clock::now() < deadline) round(++n);
  teller.note(std::to_string(n) + " of " + std::to_string(calls) + " host calls made to fail");
}

}  // namespace stoa::core::validate
