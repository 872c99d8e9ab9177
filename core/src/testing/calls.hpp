// stoa_test_call, by name.
#pragma once

#include <string>
#include <string_view>

#include "stoa/rapidjson.hpp"
#include "stoa/result.hpp"
#include "testing/bench.hpp"

namespace stoa::core::testing {

// The answer as JSON. Throws std::exception for arguments of the wrong shape.
Result<std::string> call(Bench& bench, std::string_view name, const rapidjson::Value& arguments);

}  // namespace stoa::core::testing
