#include "overlay.hpp"

#include "stoa/json.hpp"

namespace stoa::notification {
namespace {

const rapidjson::Value* integer(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  return found != object.MemberEnd() && found->value.IsInt64() ? &found->value : nullptr;
}

}  // namespace

Verdict add_subscriptions(NotificationService& service, std::string_view payload) {
  auto document = parse_json(payload);
  if (!document || !document->IsObject()) return Verdict::go_on();
  const auto* user = integer(*document, "user_id");
  const auto items = document->FindMember("items");
  if (!user || items == document->MemberEnd() || !items->value.IsArray()) return Verdict::go_on();

  std::vector<std::int64_t> posts;
  for (const auto& item : items->value.GetArray()) {
    const auto* id = item.IsObject() ? integer(item, "id") : nullptr;
    posts.push_back(id ? id->GetInt64() : 0);
  }
  const auto levels = service.levels({user->GetInt64()}, posts);
  if (!levels) return Verdict{STOA_HOOK_FAILED, {}, levels.error()};

  for (rapidjson::SizeType i = 0; i < items->value.Size(); ++i) {
    auto& item = items->value[i];
    if (!item.IsObject()) continue;
    const std::string_view level = to_string((*levels)[i]);
    item.RemoveMember("subscription");
    item.AddMember("subscription",
                   rapidjson::Value(level.data(), static_cast<rapidjson::SizeType>(level.size()),
                                    document->GetAllocator()),
                   document->GetAllocator());
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document->Accept(writer);
  return Verdict::modified(std::string(buffer.GetString(), buffer.GetSize()));
}

}  // namespace stoa::notification
