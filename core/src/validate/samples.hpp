// Payloads of the bundled hooks, as sdk/docs/hooks-and-events.md promises them, for filters that are tried.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace stoa::core::validate {

// nullopt: a hook of another plugin, whose payload nobody here knows.
inline std::optional<std::string_view> sample_payload(std::string_view hook) {
  using namespace std::string_view_literals;
  static constexpr std::array kSamples = {
      std::pair(
          "posts.post.create/1"sv,
          R"({"author_id":1,"title":"A title","body":"Some *text*.","category_ids":[1],"tags":["one"]})"sv),
      std::pair("posts.comment.create/1"sv,
                R"({"author_id":1,"post_id":1,"parent_id":null,"body":"Some *text*."})"sv),
      std::pair("posts.state/1"sv, R"({"user_id":1,"items":[{"id":1,"my_vote":0,"last_read_comment_id":null,)"
                                   R"("subscription":null,"comment_votes":{"1":1}}]})"sv),
  };
  for (const auto& [name, payload] : kSamples) {
    if (name == hook) return payload;
  }
  return std::nullopt;
}

}  // namespace stoa::core::validate
