// The one index.html, filled for each page.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "stoa/result.hpp"

namespace stoa::core::host {

struct ShellFacts {
  std::string forum_name, forum_description;
  bool is_private = false;
  std::string base_url;  // without a final slash
};

struct ShellPage {
  int status = 200;
  std::string title, description;
  std::string canonical;     // path
  std::string html;          // safe; empty: none
  std::string plugin, name;  // whose payload it is; empty: no page
  std::string payload;       // JSON
  std::uint64_t seq = 0;
  int retry_after_s = 0;  // 0: not said
};

class Shell {
 public:
  // Error: validation, when the file or one of its markers is missing.
  static Result<Shell> load(const std::filesystem::path& index_html, ShellFacts facts);

  // [any-thread] `plugins` is the JSON array of active plugins.
  std::string fill(const ShellPage& page, std::string_view plugins) const;
  // Content-Type and everything that guards a page.
  const http::Fields& fields() const { return fields_; }
  const http::SharedBytes& head() const { return head_; }  // the same, serialised
  const ShellFacts& facts() const { return facts_; }

 private:
  Shell() = default;
  ShellFacts facts_;
  std::vector<std::string> parts_;  // between the markers
  http::Fields fields_;
  http::SharedBytes head_;
};

}  // namespace stoa::core::host
