#pragma once

#include "hooks.hpp"
#include "stoa/stoa.hpp"
#include "vote_service.hpp"

namespace stoa::posts {

class VoteRoutes {
 public:
  VoteRoutes(const VoteService& service, Fire fire) : service_(service), fire_(std::move(fire)) {}

  Response vote_on_post(Request& request) const;
  Response vote_on_comment(Request& request) const;
  Response state(Request& request) const;
  Response read(Request& request) const;

 private:
  const VoteService& service_;
  Fire fire_;
};

}  // namespace stoa::posts
