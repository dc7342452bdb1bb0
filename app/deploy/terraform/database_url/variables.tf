# DATABASE_URL in parts. The whole URL is not asked for, since a failing validation prints the value that it refused,
# `sensitive` or not: it would print the password. An ephemeral value it does not print; so every part is ephemeral,
# since somebody may paste the whole URL into any of them, and none of them reaches the plan or the state.
#
# The same cases drive these rules and those of `url check`: tests/terraform/url_cases.tsv.

variable "db_connection" {
  description = "vpc: TCP to the private IP. cloudsql-socket: the Unix socket of Cloud Run's built-in connector."
  type        = string
  default     = "vpc"
  nullable    = false
  ephemeral   = true
  validation {
    condition     = contains(["vpc", "cloudsql-socket"], var.db_connection)
    error_message = "db_connection must be \"vpc\" or \"cloudsql-socket\"."
  }
}

variable "db_host" {
  description = "vpc: the private IPv4 address, or a DNS name. cloudsql-socket: /cloudsql/PROJECT:REGION:INSTANCE."
  type        = string
  nullable    = false
  sensitive   = true
  ephemeral   = true
  validation {
    condition = var.db_connection != "vpc" || (
      can(regex("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", var.db_host)) && !can(regex("^[0-9]+$", var.db_host))
    )
    error_message = "db_connection is \"vpc\": db_host must be the private IPv4 address (10.240.0.3) or a DNS name, without scheme, user or port; not a /cloudsql/... socket. gcloud sql instances describe NAME --format='value(ipAddresses.filter(type:PRIVATE).firstof(ipAddress))'"
  }
  validation {
    condition     = var.db_connection != "vpc" || !can(regex("^(localhost|127\\.[0-9.]*|0\\.0\\.0\\.0)$", lower(var.db_host)))
    error_message = "db_connection is \"vpc\": db_host names the container itself, in which no database listens. Give the private IPv4 address or a DNS name."
  }
  validation {
    condition = var.db_connection != "cloudsql-socket" || (
      can(regex("^/cloudsql/[a-z0-9.:-]*[a-z0-9.-]:[a-z0-9-]+:[a-z0-9-]+$", var.db_host)) && length(var.db_host) <= 93
    )
    error_message = "db_connection is \"cloudsql-socket\": db_host must be the folder /cloudsql/PROJECT:REGION:INSTANCE, at most 93 bytes; libpq adds /.s.PGSQL.5432 itself. gcloud sql instances describe NAME --format='value(connectionName)'"
  }
}

variable "db_port" {
  description = "TCP port. The built-in connector's socket is always that of 5432."
  type        = number
  default     = 5432
  nullable    = false
  ephemeral   = true
  validation {
    condition     = var.db_port == floor(var.db_port) && var.db_port >= 1 && var.db_port <= 65535
    error_message = "db_port must be a whole number from 1 to 65535."
  }
  validation {
    condition     = var.db_connection != "cloudsql-socket" || var.db_port == 5432
    error_message = "db_connection is \"cloudsql-socket\": db_port must be left at 5432, for the connector's socket is called .s.PGSQL.5432."
  }
}

variable "db_user" {
  description = "Role to log in as."
  type        = string
  nullable    = false
  sensitive   = true
  ephemeral   = true
  validation {
    condition     = length(var.db_user) > 0 && length(var.db_user) <= 63 && trimspace(var.db_user) == var.db_user
    error_message = "db_user must have 1 to 63 characters, without white space at its ends: libpq would take the system account's name for an empty one, and PostgreSQL cuts longer ones."
  }
  validation {
    condition     = !strcontains(var.db_user, "\u0000")
    error_message = "db_user must not hold a NUL."
  }
}

variable "db_name" {
  description = "Database. It is never left out: libpq would take the role's name for it, and the wrong one be migrated."
  type        = string
  nullable    = false
  sensitive   = true
  ephemeral   = true
  validation {
    condition     = length(var.db_name) > 0 && length(var.db_name) <= 63 && trimspace(var.db_name) == var.db_name
    error_message = "db_name must have 1 to 63 characters, without white space at its ends (a newline from echo?)."
  }
  validation {
    condition     = !can(regex("[/?\"'\u0000]", var.db_name))
    error_message = "db_name must be the name alone: without /, ?, quotes, and without a schema or parameters behind it."
  }
}

variable "db_password" {
  description = "From the environment (TF_VAR_db_password) or an ephemeral resource; never from a .tfvars file, whose lines terraform shows in its errors."
  type        = string
  nullable    = false
  sensitive   = true
  ephemeral   = true
  validation {
    condition     = length(var.db_password) > 0 && trimspace(var.db_password) == var.db_password
    error_message = "db_password is empty or has white space at its ends (a newline from echo?). printf '%s' writes none."
  }
  validation {
    condition     = !strcontains(var.db_password, "\u0000")
    error_message = "db_password must not hold a NUL: libpq refuses it."
  }
  validation {
    condition     = !can(regex("^postgres(ql)?://", var.db_password))
    error_message = "db_password must be the password alone, not the URL: the URL is built here."
  }
}

variable "db_sslmode" {
  description = "libpq's sslmode for vpc. The connector's socket has no need of it: the connector encrypts."
  type        = string
  default     = "require"
  nullable    = false
  ephemeral   = true
  validation {
    condition     = contains(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"], var.db_sslmode)
    error_message = "db_sslmode must be disable, allow, prefer, require, verify-ca or verify-full (no-verify is node-postgres's word for require)."
  }
}
