// A call into a generation. While it lives, the generation is neither stopped nor destroyed.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "plugins/generation.hpp"

namespace stoa::core::plugins {

// [any-thread] A copy is a call of its own.
class Call {
 public:
  Call() = default;
  Call(const Call& other) : Call(hold(other.generation_)) {}
  Call(Call&& other) noexcept : generation_(std::move(other.generation_)) {}
  Call& operator=(Call other) noexcept {
    std::swap(generation_, other.generation_);
    return *this;
  }
  ~Call();

  // Empty when the generation takes no calls any more; a newer snapshot is there by then.
  static Call enter(GenerationPtr generation);
  // For what a call that is running leaves behind, as a queued write. Null: empty.
  static Call hold(GenerationPtr generation);

  explicit operator bool() const { return generation_ != nullptr; }
  const GenerationPtr& generation() const { return generation_; }

 private:
  explicit Call(GenerationPtr generation) : generation_(std::move(generation)) {}
  GenerationPtr generation_;
};

// [lifecycle] Takes no more calls from here on, and waits for those that run. False: some still do.
bool wait_until_idle(Generation& generation, std::chrono::steady_clock::time_point deadline);

// [any-thread] The service as provided now, held; nullopt: nobody provides it.
struct HeldService {
  Call call;
  const void* table = nullptr;
};
using SnapshotSource = std::function<SnapshotPtr()>;
std::optional<HeldService> hold_service(const SnapshotSource& snapshot, std::string_view id);

}  // namespace stoa::core::plugins
