// From md4c's callbacks to HTML. The only elements and attributes that can come out are the ones written
// here, and they are well nested whatever md4c says.
#pragma once

#include <md4c.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "markdown/inline_text.hpp"

namespace stoa::markdown {

// The flags everything here is parsed with.
inline constexpr unsigned kFlags =
    MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS;

// What a callback returns to end the parsing. Negative: md4c 0.4.8 forgets a positive one in some of its
// loops.
inline constexpr int kStop = -1;

class HtmlWriter {
 public:
  HtmlWriter(std::string& html, std::vector<std::string>& mentions,
             const std::function<bool(std::string_view)>& known, std::size_t max_bytes)
      : html_(html), text_(html, mentions, known), max_bytes_(max_bytes) {}

  // False: `source` nests too deeply or becomes too long; what was written is worth nothing.
  bool write(std::string_view source);

 private:
  int enter(MD_BLOCKTYPE type, void* detail);
  int leave(MD_BLOCKTYPE type, void* detail);
  int enter(MD_SPANTYPE type, void* detail);
  int leave(MD_SPANTYPE type);
  void close(MD_SPANTYPE type);
  void close_spans();
  int text(MD_TEXTTYPE type, std::string_view text);

  void open_item(const MD_BLOCK_LI_DETAIL& item);
  void open_code(const MD_BLOCK_CODE_DETAIL& code);
  void open_cell(std::string_view name, const MD_BLOCK_TD_DETAIL& cell);
  void open_link(const MD_ATTRIBUTE& address, const MD_ATTRIBUTE* title);
  void close_link();
  // Character references of an attribute resolved.
  static std::string decoded(const MD_ATTRIBUTE& attribute);
  // 0 or kStop.
  int within_limits() const;

  std::string& html_;
  InlineText text_;
  std::size_t max_bytes_;
  std::size_t depth_ = 0;
  // md4c 0.4.8 forgets the end of a span whose mark stands in the address of a link: *a [b](c*d).
  std::vector<MD_SPANTYPE> spans_;  // open ones, of one block
  std::vector<bool> links_;         // of the open link and image spans: whether one is an <a>
  int anchors_ = 0;                 // how many of those are
};

}  // namespace stoa::markdown
