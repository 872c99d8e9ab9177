// The host's tables as earlier releases had them: a plugin must get along with each it says it works with.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace stoa::core::validate {

struct ReleasedTable {
  std::string_view id;
  std::vector<std::uint32_t> sizes;  // of releases before this one in which it was smaller
};

// Held to tests/sdk/golden/*/layout.txt by the rules.
const std::vector<ReleasedTable>& released_tables();

}  // namespace stoa::core::validate
