#include "http/representation.hpp"

#include <utility>

#include "http/conditional.hpp"
#include "http/entity_tag.hpp"
#include "http/writer.hpp"

namespace stoa::core::http {

Representation represent(const Fields& fields, const SharedBytes& plain, Coding coding, Effort effort) {
  Representation made;
  made.body = coding == Coding::identity
                  ? plain
                  : std::make_shared<const std::string>(encoded(*plain, coding, effort));
  if (coding != Coding::identity && made.body->empty()) return {};
  made.etag = entity_tag(*made.body);
  Fields own = fields;
  own.emplace_back("ETag", made.etag);
  if (coding != Coding::identity) own.emplace_back("Content-Encoding", name_of(coding));
  made.head = header_block(own);
  if (!made.head) return {};
  return made;
}

Response response_of(const Fields& fields, const Representation& chosen, std::string_view if_none_match) {
  Response response;
  if (none_match(if_none_match, chosen.etag)) {
    response.status = 304;
    response.fields = fields;
    response.fields.emplace_back("ETag", chosen.etag);
  } else {
    response.head = chosen.head;
    response.body = chosen.body;
  }
  return response;
}

}  // namespace stoa::core::http
