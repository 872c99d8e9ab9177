// A directory of sources, watched for saves.
#pragma once

#include <filesystem>
#include <map>

namespace stoa::core::cli {

// Everything below the directory but build/ and names that begin with a dot. Directories made later are
// watched too.
class Watched {
 public:
  explicit Watched(std::filesystem::path directory);
  ~Watched();
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  // Readable when something happened; -1: the system watches nothing more.
  int descriptor() const { return descriptor_; }
  // Takes what happened; true when a source was written, moved or removed.
  bool take();

 private:
  void add(const std::filesystem::path& directory);

  const std::filesystem::path root_;
  int descriptor_ = -1;
  std::map<int, std::filesystem::path> directories_;
};

}  // namespace stoa::core::cli
