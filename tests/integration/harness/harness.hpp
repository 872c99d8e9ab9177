// Everything an integration test needs.
#pragma once

#include <gtest/gtest.h>

#include "harness/client.hpp"
#include "harness/connection.hpp"
#include "harness/database.hpp"
#include "harness/json.hpp"
#include "harness/server.hpp"
#include "harness/socket.hpp"
