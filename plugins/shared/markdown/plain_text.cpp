#include <md4c.h>

#include "markdown/entities.hpp"
#include "markdown/html_writer.hpp"
#include "markdown/limits.hpp"
#include "markdown/markdown.hpp"

namespace stoa::markdown {
namespace {

// Words with single spaces, as far as they fit.
class Words {
 public:
  Words(std::size_t max_code_points, std::size_t max_blocks)
      : max_(max_code_points), blocks_left_(max_blocks) {}

  // False: full.
  bool append(std::string_view text) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte <= 0x20 || byte == 0x7F) {
        space_ = !text_.empty();
        continue;
      }
      if ((byte & 0xC0u) == 0x80u) {
        text_ += c;
        continue;
      }
      const std::size_t needed = space_ ? 2 : 1;
      if (count_ + needed > max_) return full_ = true, false;
      if (space_) text_ += ' ';
      space_ = false;
      text_ += c;
      count_ += needed;
    }
    return true;
  }
  void end_line() { space_ = !text_.empty(); }
  // False: more blocks than a text of this size has for a reader, as in a table of empty cells.
  bool end_block() {
    end_line();
    return blocks_left_-- > 0;
  }

  std::string take() && {
    if (!full_) return std::move(text_);
    if (max_ == 0) return {};
    // Room for the ellipsis, at a space unless that loses more than a third.
    std::size_t cut = text_.rfind(' ');
    if (cut == std::string::npos || cut < text_.size() * 2 / 3) {
      cut = text_.size();
      if (count_ == max_) {
        do --cut;
        while (cut > 0 && (static_cast<unsigned char>(text_[cut]) & 0xC0u) == 0x80u);
      }
    }
    return text_.substr(0, cut) + "…";
  }

 private:
  std::size_t max_;
  std::size_t blocks_left_;
  std::string text_;
  std::size_t count_ = 0;  // code points
  bool space_ = false;
  bool full_ = false;
};

int append_text(MD_TEXTTYPE type, const MD_CHAR* bytes, MD_SIZE size, void* self) {
  auto& words = *static_cast<Words*>(self);
  const std::string_view text(bytes, size);
  switch (type) {
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR: words.end_line(); return 0;
    case MD_TEXT_ENTITY: return words.append(decode_entity(text)) ? 0 : kStop;
    case MD_TEXT_NORMAL:
    case MD_TEXT_NULLCHAR:
    case MD_TEXT_CODE:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH: return words.append(text) ? 0 : kStop;
  }
  return 0;
}

}  // namespace

std::string plain_text(std::string_view source, std::size_t max_code_points) {
  Words words(max_code_points, 2 * source.size() + 16);
  if (!is_utf8(source) || nests_too_deeply(source)) {
    words.append(source);
    return std::move(words).take();
  }
  MD_PARSER parser{};
  parser.flags = kFlags;
  parser.enter_block = [](MD_BLOCKTYPE, void*, void* self) {
    return static_cast<Words*>(self)->end_block() ? 0 : kStop;
  };
  parser.leave_block = parser.enter_block;
  parser.enter_span = [](MD_SPANTYPE, void*, void*) { return 0; };
  parser.leave_span = [](MD_SPANTYPE, void*, void*) { return 0; };
  parser.text = &append_text;
  md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, &words);
  return std::move(words).take();
}

}  // namespace stoa::markdown
