// A copy of the database made while it is in use, a few pages at a time. Writer thread only: through the
// writer's own connection SQLite carries later changes over by itself, and nothing has to begin anew.
#pragma once

#include <memory>
#include <string>

#include "stoa/result.hpp"
#include "storage/connection.hpp"

namespace stoa::core::storage {

class Backup {
 public:
  // Creates `path`, which must not exist, readable for its owner only. Errors: conflict, unavailable.
  static Result<std::unique_ptr<Backup>> start(Connection& source, const std::string& path);
  // Removes what is not finished. Before the source is closed.
  ~Backup();
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;

  // Result: whether it is complete.
  Result<bool> step(int pages);

 private:
  struct Native;
  explicit Backup(std::string path);
  void remove_files() const;

  std::string path_;
  bool is_complete_ = false;
  std::unique_ptr<Native> native_;
};

}  // namespace stoa::core::storage
