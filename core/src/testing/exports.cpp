// What the library exports: stoa/testing.h.
#include <dlfcn.h>

#include <filesystem>

#include "stoa/host.hpp"
#include "stoa/json.hpp"
#include "stoa/testing.h"
#include "testing/bench.hpp"
#include "testing/calls.hpp"

struct stoa_test {
  std::unique_ptr<stoa::core::testing::Bench> bench;
};

namespace stoa::core::testing {

namespace {

constexpr std::int64_t kStartOf2026 = 1'767'225'600'000;

// <prefix>/lib/libstoa_testing.so
std::filesystem::path prefix() {
  Dl_info info{};
  ::dladdr(reinterpret_cast<void*>(&stoa_test_open), &info);
  std::error_code code;
  return std::filesystem::canonical(info.dli_fname ? info.dli_fname : "", code).parent_path().parent_path();
}

std::string text_of(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// JSON's numbers, flags, texts and lists of them are written as TOML writes them.
Result<std::string> toml_lines(const rapidjson::Value& settings) {
  if (!settings.IsObject()) return Error{ErrorCode::validation, "\"settings\" are objects by plugin id"};
  std::string lines;
  for (const auto& member : settings.GetObject()) {
    if (member.value.IsObject() || member.value.IsNull())
      return Error{ErrorCode::validation, "settings: objects and null are not taken"};
    lines += text_of(member.name) + " = " + text_of(member.value) + "\n";
  }
  return lines;
}

Result<BenchOptions> options_of(std::string_view json) {
  auto document = parse_json(json);
  if (!document) return document.error();
  if (!document->IsObject()) return Error{ErrorCode::validation, "the options must be an object"};
  BenchOptions options;
  options.now_ms = kStartOf2026;
  options.prefix = prefix();
  for (const auto& member : document->GetObject()) {
    const std::string_view name(member.name.GetString(), member.name.GetStringLength());
    const rapidjson::Value& value = member.value;
    if (name == "plugins") {
      for (const auto& path : value.GetArray()) options.plugins.emplace_back(path.GetString());
    } else if (name == "with") {
      for (const auto& id : value.GetArray()) options.with.emplace_back(id.GetString());
    } else if (name == "settings") {
      for (const auto& section : value.GetObject()) {
        auto lines = toml_lines(section.value);
        if (!lines) return lines.error();
        options.settings[section.name.GetString()] = std::move(*lines);
      }
    } else if (name == "private") {
      options.private_forum = value.GetBool();
    } else if (name == "limits") {
      options.limits = value.GetBool();
    } else if (name == "now_ms") {
      options.now_ms = value.GetInt64();
    } else if (name == "seed") {
      options.seed = value.GetUint64();
    } else {
      return Error{ErrorCode::validation, "unknown option \"" + std::string(name) + "\""};
    }
  }
  return options;
}

// Runs work() -> Result<std::string>; what it gives, or why not, goes to the sink.
template <class F>
stoa_status told(const stoa_sink* sink, F&& work) noexcept {
  std::string text;
  stoa_status status = STOA_OK;
  try {
    Result<std::string> done = work();
    if (done) {
      text = std::move(*done);
    } else {
      text = done.error().message;
      for (const FieldError& field : done.error().fields) text += " " + field.pointer + " " + field.detail;
      status = detail::to_status(done.error().code);
    }
  } catch (const std::exception& e) {
    text = e.what();
    status = STOA_E_ARGUMENT;
  }
  if (sink) sink->write(sink->self, detail::str(text));
  return status;
}

}  // namespace

}  // namespace stoa::core::testing

using namespace stoa;
using namespace stoa::core::testing;

stoa_test* stoa_test_open(stoa_str options, const stoa_sink* problem) {
  std::unique_ptr<stoa_test> test;
  told(problem, [&]() -> Result<std::string> {
    auto wanted = options_of(detail::view(options));
    if (!wanted) return wanted.error();
    auto bench = Bench::open(std::move(*wanted));
    if (!bench) return bench.error();
    test = std::make_unique<stoa_test>(stoa_test{std::move(*bench)});
    return std::string();
  });
  return test.release();
}

void stoa_test_close(stoa_test* test) {
  delete test;
}

stoa_status stoa_test_request(stoa_test* test, stoa_str method, stoa_str target, const stoa_kv* headers,
                              size_t header_count, stoa_str body, int64_t user_id, void* self,
                              void (*accept)(void* self, const stoa_response* answer),
                              const stoa_sink* problem) {
  return told(problem, [&]() -> Result<std::string> {
    std::vector<std::pair<std::string, std::string>> fields;
    for (size_t i = 0; i < header_count; ++i)
      fields.emplace_back(detail::view(headers[i].key), detail::view(headers[i].value));
    auto reply = test->bench->request(detail::view(method), detail::view(target), std::move(fields),
                                      std::string(detail::view(body)), user_id);
    if (!reply) return reply.error();
    std::vector<stoa_kv> all;
    stoa_response answer{};
    for (const auto& [name, value] : reply->fields) {
      all.push_back({detail::str(name), detail::str(value)});
      if (core::http::equal_ignoring_case(name, "Content-Type")) answer.content_type = detail::str(value);
    }
    answer.size = sizeof answer;
    answer.status = static_cast<uint32_t>(reply->status);
    answer.body = detail::str(reply->body);
    answer.headers = all.data();
    answer.header_count = all.size();
    accept(self, &answer);
    return std::string();
  });
}

stoa_status stoa_test_call(stoa_test* test, stoa_str name, stoa_str arguments, const stoa_sink* answer) {
  return told(answer, [&]() -> Result<std::string> {
    auto document = parse_json(detail::view(arguments));
    if (!document) return document.error();
    return call(*test->bench, detail::view(name), *document);
  });
}
