// What a plugin registered in create, copied out of its memory but for the callbacks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "http/rate_limiter.hpp"
#include "http/router.hpp"
#include "jobs/agenda.hpp"
#include "metrics/registry.hpp"
#include "stoa/stoa.h"

namespace stoa::core::plugins {

struct RouteEntry {
  http::Method method = http::Method::get;
  std::string pattern;
  std::vector<http::Segment> segments;
  stoa_auth auth = STOA_AUTH_USER;
  std::string permission;
  stoa_body body = STOA_BODY_NONE;
  bool open = false;
  std::uint64_t body_limit = 0;  // bytes
  std::uint32_t deadline_ms = 0;
  http::RateRule rate;
  void (*handler)(void* self, stoa_request* request) = nullptr;
  void* self = nullptr;
};

struct PageEntry {
  std::string pattern;
  std::vector<http::Segment> segments;
  std::string name;
  stoa_status (*handler)(void* self, stoa_request* request) = nullptr;
  void* self = nullptr;
};

struct FilterEntry {
  std::string hook;
  std::int32_t priority = 0;
  stoa_hook_on_error on_error = STOA_HOOK_CLOSED;
  stoa_hook_verdict (*call)(void* self, stoa_str payload, const stoa_sink* modified) = nullptr;
  void* self = nullptr;
};

struct SubscriberEntry {
  bool durable = false;
  bool from_oldest = false;
  std::string name;
  std::vector<std::string> types;
  stoa_status (*apply)(void* self, stoa_tx* tx, const stoa_event* event) = nullptr;
  void* self = nullptr;
};

struct ChannelEntry {
  std::string prefix;
  stoa_status (*authorize)(void* self, const stoa_principal* user, stoa_str channel) = nullptr;
  stoa_status (*operate)(void* self, const stoa_operation* operation) = nullptr;
  void* self = nullptr;
};

struct CommandEntry {
  struct Option {
    std::string name, help;
    bool required = false;
    bool flag = false;
  };
  std::string name, help;
  std::vector<Option> options;
  stoa_status (*run)(void* self, stoa_str arguments, const stoa_sink* out) = nullptr;
  void* self = nullptr;
};

struct WatchEntry {
  std::string service;
  void* self = nullptr;
  void (*available)(void* self) = nullptr;
  void (*gone)(void* self) = nullptr;
};

struct Contributions {
  std::vector<RouteEntry> routes;
  std::vector<PageEntry> pages;
  std::vector<std::string> hooks;
  std::vector<FilterEntry> filters;
  std::vector<SubscriberEntry> subscribers;
  std::vector<ChannelEntry> channels;
  std::map<std::string, const void*> services;
  std::vector<WatchEntry> watches;
  std::map<std::string, stoa_role> permissions;
  std::vector<CommandEntry> commands;
  jobs::AgendaPtr agenda = std::make_shared<jobs::Agenda>();
  metrics::Families metrics;  // in the order in which they were defined
};

}  // namespace stoa::core::plugins
