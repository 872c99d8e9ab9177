// What every function of a host table does at its edge: contain exceptions, check arguments, turn errors into
// statuses.
#pragma once

#include <cxxabi.h>

#include <exception>
#include <string_view>
#include <utility>

#include "log/log.hpp"
#include "plugins/contract.hpp"
#include "plugins/generation.hpp"
#include "stoa/host.hpp"

namespace stoa::core::plugins {

using stoa::detail::str;
using stoa::detail::view;

// Runs work() -> stoa_status; nothing but thread cancellation leaves it.
template <class F>
stoa_status at_boundary(std::string_view call, F&& work) {
  try {
    return work();
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (const std::exception& e) {
    log::error("A host call of a plugin failed.", {{"call", call}, {"what", e.what()}});
    return failed({ErrorCode::internal, "The host failed."});
  } catch (...) {
    return failed({ErrorCode::internal, "The host failed."});
  }
}

inline stoa_status finish(const Result<void>& result) {
  return result ? STOA_OK : failed(result.error());
}
inline void write_to(const stoa_sink* sink, std::string_view text) {
  sink->write(sink->self, str(text));
}

}  // namespace stoa::core::plugins
