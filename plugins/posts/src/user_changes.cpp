#include "user_changes.hpp"

#include "stoa/json.hpp"
#include "tags.hpp"

namespace stoa::posts {

Result<void> forget_user(Tx& tx, const Event& event) {
  const auto profile = parse_json(event.data);
  if (!profile || !profile->IsObject()) return {};
  const auto id = profile->FindMember("id");
  if (id == profile->MemberEnd() || !id->value.IsInt64()) return {};
  return tx.drop_tags({tag_of(UserId{id->value.GetInt64()})});
}

}  // namespace stoa::posts
