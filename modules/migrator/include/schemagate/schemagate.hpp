// The core in one include: settings, catalog, the engine, its events. Asio, spdlog and CLI11 have their own
// headers, so that a program pays only for what it mounts.
#pragma once

#include "schemagate/catalog.hpp"
#include "schemagate/closing_line.hpp"
#include "schemagate/embedded_catalog.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/migrator.hpp"
#include "schemagate/observer.hpp"
#include "schemagate/report.hpp"
#include "schemagate/settings.hpp"
