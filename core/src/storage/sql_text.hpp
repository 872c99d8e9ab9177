// What can be told of a statement from its text alone.
#pragma once

#include <string>
#include <string_view>

namespace stoa::core::storage {

struct SqlShape {
  std::string verb;  // the first word, in capitals
  bool rolls_back =
      false;  // names ROLLBACK outside quotes: OR ROLLBACK and RAISE(ROLLBACK) would end the whole group
  bool changes_schema() const;
  bool is_permitted() const;  // a verb that an owner may use
};

SqlShape shape_of(std::string_view sql);

// Nothing but white space, comments and semicolons.
bool is_blank(std::string_view sql);

}  // namespace stoa::core::storage
