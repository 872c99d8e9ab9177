// RapidJSON as Stoa uses it: failed assertions throw, so that a wrong access is an error and not a crash. The
// one place that includes it; strict parsing is in json.hpp.
#pragma once

#include <stdexcept>

#ifdef RAPIDJSON_RAPIDJSON_H_
#error "include stoa/rapidjson.hpp before any RapidJSON header"
#endif
#define RAPIDJSON_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("RapidJSON: " #condition))
#define RAPIDJSON_HAS_STDSTRING 1
// Sixteen characters at a time where the compiler may: every x86-64, every AArch64.
#if defined(__SSE4_2__)
#define RAPIDJSON_SSE42
#elif defined(__SSE2__)
#define RAPIDJSON_SSE2
#elif defined(__ARM_NEON) && defined(__aarch64__)
#define RAPIDJSON_NEON
#endif

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
