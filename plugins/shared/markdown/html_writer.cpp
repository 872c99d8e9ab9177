#include "markdown/html_writer.hpp"

#include "markdown/entities.hpp"
#include "markdown/limits.hpp"

namespace stoa::markdown {

bool HtmlWriter::write(std::string_view source) {
  MD_PARSER parser{};
  parser.flags = kFlags;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
    return static_cast<HtmlWriter*>(self)->enter(type, detail);
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
    return static_cast<HtmlWriter*>(self)->leave(type, detail);
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
    return static_cast<HtmlWriter*>(self)->enter(type, detail);
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
    return static_cast<HtmlWriter*>(self)->leave(type);
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* bytes, MD_SIZE size, void* self) {
    return static_cast<HtmlWriter*>(self)->text(type, {bytes, size});
  };
  return md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, this) == 0;
}

int HtmlWriter::text(MD_TEXTTYPE type, std::string_view text) {
  switch (type) {
    case MD_TEXT_NORMAL: text_.append(text, anchors_ > 0); break;
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
      html_ += "<br>\n";
      text_.after(' ');
      break;
    case MD_TEXT_ENTITY: {
      const std::string characters = decode_entity(text);
      if (characters == text) {
        html_ += text;  // a name for the browser to know: letters and digits only
      } else {
        append_escaped(html_, characters);
      }
      text_.after(characters.back());
      break;
    }
    case MD_TEXT_NULLCHAR:
    case MD_TEXT_CODE:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH: append_escaped(html_, text); break;
  }
  return within_limits();
}

std::string HtmlWriter::decoded(const MD_ATTRIBUTE& attribute) {
  std::string out;
  if (!attribute.text) return out;
  for (std::size_t i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
    const MD_OFFSET from = attribute.substr_offsets[i];
    const std::string_view part(attribute.text + from, attribute.substr_offsets[i + 1] - from);
    out += attribute.substr_types[i] == MD_TEXT_ENTITY ? decode_entity(part) : std::string(part);
  }
  return out;
}

int HtmlWriter::within_limits() const {
  return depth_ > kMaxDepth || html_.size() > max_bytes_ ? kStop : 0;
}

}  // namespace stoa::markdown
