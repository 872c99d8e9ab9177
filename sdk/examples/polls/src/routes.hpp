// Requests and pages of polls: JSON and HTML, no rules.
#pragma once

#include <stoa/identity.hpp>
#include <stoa/stoa.hpp>

#include "service.hpp"

namespace stoa::polls {

class Routes {
 public:
  Routes(Service& service, const Identity& identity) : service_(service), identity_(identity) {}

  Response list(Request& request);
  Response create(Request& request);
  Response get(Request& request);
  Response remove(Request& request);
  Response my_vote(Request& request);
  Response vote(Request& request);

  Result<Page> list_page(Request& request);
  Result<Page> poll_page(Request& request);

 private:
  // Authors are shown by name; without their names when nobody knows them.
  std::string json_of(const PollWithOptions& poll) const;

  Service& service_;
  const Identity& identity_;
};

}  // namespace stoa::polls
