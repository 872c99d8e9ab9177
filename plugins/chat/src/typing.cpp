#include "typing.hpp"

#include "chat_json.hpp"

namespace stoa::chat {
namespace {

// A client repeats itself every three seconds, and stops and starts with each message.
constexpr FloodRule kRule{10, 5'000};

Error invalid(std::string pointer, std::string code, std::string detail) {
  Error error{ErrorCode::validation, "The operation is not as it should be."};
  error.fields.push_back({std::move(pointer), std::move(code), std::move(detail)});
  return error;
}

}  // namespace

Result<void> Typing::operate(const Operation& operation) {
  if (!operation.user) return Error{ErrorCode::unauthenticated, "Log in to write."};
  if (operation.op != "typing") return invalid("/op", "unknown", "must be \"typing\"");
  const auto frame = parse_json(operation.message);
  if (!frame) return frame.error();
  const auto state = frame->IsObject() ? frame->FindMember("state") : frame->MemberEnd();
  if (!frame->IsObject() || state == frame->MemberEnd() || !state->value.IsString())
    return invalid("/state", "required", "must be \"start\" or \"stop\"");
  const std::string_view said(state->value.GetString(), state->value.GetStringLength());
  if (said != "start" && said != "stop") return invalid("/state", "invalid", "must be \"start\" or \"stop\"");

  const auto key = static_cast<std::uint64_t>(operation.user->id.value);
  if (auto ok = throttle_.check(key, kRule, "You tell too often that you are typing."); !ok) return ok;
  publish_(operation.channel, typing_data(operation.user->id, operation.user->nickname, said == "start"),
           operation.connection);
  return {};
}

}  // namespace stoa::chat
