// The routes of the chat: JSON in, JSON out.
#pragma once

#include <functional>

#include "contact_service.hpp"
#include "conversation_service.hpp"
#include "message_service.hpp"
#include "stoa/app.hpp"

namespace stoa::chat {

class ContactRoutes {
 public:
  ContactRoutes(ContactService& service, std::function<Presence(UserId)> presence)
      : service_(service), presence_(std::move(presence)) {}
  Response list(Request& request);

 private:
  ContactService& service_;
  std::function<Presence(UserId)> presence_;
};

class ConversationRoutes {
 public:
  ConversationRoutes(ConversationService& service, const CurrentSettings& settings)
      : service_(service), settings_(settings) {}
  Response list(Request& request);
  Response open(Request& request);
  Response get(Request& request);
  Response rename(Request& request);
  Response add_member(Request& request);
  Response remove_member(Request& request);
  Response unread(Request& request);

 private:
  // What is wrong with the body, unless there is nothing to see for that user.
  Response refuse(Request& request, const Error& error);

  ConversationService& service_;
  const CurrentSettings& settings_;
};

class MessageRoutes {
 public:
  MessageRoutes(MessageService& messages, ConversationService& conversations, const CurrentSettings& settings)
      : messages_(messages), conversations_(conversations), settings_(settings) {}
  Response list(Request& request);
  Response send(Request& request);
  Response edit(Request& request);
  Response remove(Request& request);
  Response revisions(Request& request);
  Response read(Request& request);

 private:
  Response refuse_in_conversation(Request& request, const Error& error);
  Response refuse_of_message(Request& request, const Error& error);
  TextRule body_rule() const;

  MessageService& messages_;
  ConversationService& conversations_;
  const CurrentSettings& settings_;
};

}  // namespace stoa::chat
