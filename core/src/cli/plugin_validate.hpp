// `stoa plugin validate`. Needs no configuration, so none can be in its way.
#pragma once

#include "cli/options.hpp"

namespace stoa::core::cli {

// 0: valid, 1: not, 78: no such file.
int plugin_validate(const Options& options);

}  // namespace stoa::core::cli
