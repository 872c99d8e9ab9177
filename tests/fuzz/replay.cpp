// Runs a target on files without libFuzzer: fuzz_seeds_<target> FILE-OR-DIRECTORY…
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "input.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& place) {
  if (!fs::is_directory(place)) return {place};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(place)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool run(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return false;
  const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  // An input that fails ends the process: its name has to be out before.
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);
  // Of its exact size, so that AddressSanitizer sees a step beyond it.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t ran = 0;
  for (int i = 1; i < count; ++i) {
    for (const fs::path& file : files_of(arguments[i])) {
      if (!run(file)) {
        std::fprintf(stderr, "cannot be read: %s\n", file.c_str());
        return 1;
      }
      ++ran;
    }
  }
  if (ran == 0) std::fprintf(stderr, "there are no inputs\n");
  return ran == 0 ? 1 : 0;
}
