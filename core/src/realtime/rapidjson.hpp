// RapidJSON as this folder uses it: a broken promise throws instead of ending the process.
#pragma once

#include <stdexcept>

#define RAPIDJSON_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("rapidjson: " #condition))

#include <rapidjson/document.h>
#include <rapidjson/reader.h>
