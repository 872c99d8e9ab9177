// <data_dir>/stoa.local.toml: what the admin page and the commands have changed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "stoa/result.hpp"

namespace stoa::core::config {

// [lifecycle] One at a time. The file is written anew as a whole: a reader sees the old or the new one.
// Comments in it are not kept.
class LocalFile {
 public:
  explicit LocalFile(const std::filesystem::path& data_dir);

  // Sets the value at that path of keys, as {"plugins", "enabled"}, to a JSON value. Errors: validation (the
  // file or the JSON cannot be read), unavailable (it cannot be written).
  Result<void> set(const std::vector<std::string>& path, std::string_view json);

  // What is in it now; nothing when there is none.
  Result<std::string> text() const;
  Result<void> restore(const std::string& text) const;

 private:
  std::filesystem::path path_;
};

}  // namespace stoa::core::config
