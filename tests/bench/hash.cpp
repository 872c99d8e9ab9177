// What hashing passwords takes by itself: libsodium's Argon2id as the forum uses it (INTERACTIVE), verifying
// on as many threads.
#include <sodium.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "arguments.hpp"

namespace {

using Clock = std::chrono::steady_clock;

void measure(const std::string& password, std::size_t threads, double seconds) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(hash, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    throw std::runtime_error("no memory to hash in");
  std::atomic<std::size_t> done = 0, wrong = 0;
  const auto started = Clock::now();
  const auto took = [&] { return std::chrono::duration<double>(Clock::now() - started).count(); };
  std::vector<std::thread> all;
  for (std::size_t i = 0; i < threads; ++i) {
    all.emplace_back([&] {
      do {
        if (crypto_pwhash_str_verify(hash, password.data(), password.size()) != 0) ++wrong;
        ++done;
      } while (took() < seconds);
    });
  }
  for (std::thread& thread : all) thread.join();
  if (wrong != 0) throw std::runtime_error("a right password was not verified");
  std::printf("{\"done\":%zu,\"seconds\":%.4f}\n", done.load(), took());
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const stoa::bench::Arguments given(count, arguments);
    std::size_t threads = 1;
    double seconds = 1;
    given.number("--threads", threads);
    given.number("--seconds", seconds);
    measure(given.text("--password"), threads, seconds);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stoa_bench_hash: %s\n", error.what());
    return 1;
  }
}
