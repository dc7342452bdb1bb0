variable "project" {
  description = "Project ID."
  type        = string
  nullable    = false
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project must be a project ID: 6 to 30 small letters, digits and dashes."
  }
}

variable "region" {
  type     = string
  nullable = false
}

variable "environment" {
  type     = string
  nullable = false
  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment must be dev, staging or prod."
  }
}

variable "image" {
  description = "Image of the prompt service, by digest: what is tested is what runs, and it has been pushed."
  type        = string
  nullable    = false
  validation {
    condition     = can(regex("^[a-z0-9.-]+(/[a-zA-Z0-9._-]+)+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must name a digest: REGION-docker.pkg.dev/PROJECT/REPOSITORY/prompt-service@sha256:... A tag can be moved, and says nothing of whether the image was ever pushed."
  }
}

variable "db_connection" {
  description = "vpc: TCP to the private IP. cloudsql-socket: the built-in connector's socket. README.md has the table to decide by."
  type        = string
  default     = "vpc" # judged in ../database_url, which shows no value
  nullable    = false
}

variable "db_user" {
  type     = string
  default  = "prompt_service"
  nullable = false
}

variable "db_name" {
  type     = string
  default  = "vividly"
  nullable = false
}

variable "db_password" {
  description = "TF_VAR_db_password, from the environment alone. It is never kept; a new one needs a new db_password_version."
  type        = string
  nullable    = false
  sensitive   = true
  ephemeral   = true # judged in ../database_url
}

variable "db_password_version" {
  description = "Counted up, it makes terraform write db_password anew, into the role and into the secret."
  type        = number
  default     = 1
  nullable    = false
}

variable "secret_version" {
  description = "Version of the secret that the service and the job read: a number that app/deploy/rotate-database-url printed, or the old one as the way back. null: the one that terraform wrote."
  type        = string
  default     = null
  validation {
    condition     = var.secret_version == null || can(regex("^[1-9][0-9]*$", var.secret_version))
    error_message = "secret_version must be a number: \"latest\" would change under running revisions, and has no way back."
  }
}

variable "db_tier" {
  type     = string
  nullable = false
}

variable "db_highly_available" {
  type     = bool
  nullable = false
}

variable "connector_cidr" {
  description = "A /28 of the network that nothing else uses, for Serverless VPC Access."
  type        = string
  default     = "10.8.0.0/28"
  nullable    = false
  validation {
    condition     = can(cidrhost(var.connector_cidr, 0)) && endswith(var.connector_cidr, "/28")
    error_message = "connector_cidr must be a /28, such as 10.8.0.0/28: Serverless VPC Access takes no other size."
  }
}

variable "instances" {
  description = "Least and most instances of the service."
  type        = object({ min = number, max = number })
  nullable    = false
  validation {
    condition     = var.instances.min >= 0 && var.instances.max >= max(1, var.instances.min)
    error_message = "instances.max must be at least 1, and not below instances.min."
  }
}

variable "service_mode" {
  description = "SCHEMAGATE_MODE of the service. apply: each instance brings the schema up to date at boot, one at a time. wait: it waits for the job. verify: it opens only on a current schema."
  type        = string
  default     = "apply"
  nullable    = false
  validation {
    condition     = contains(["apply", "wait", "verify"], var.service_mode)
    error_message = "service_mode must be apply, wait or verify."
  }
}

variable "notification_channels" {
  description = "Names of Monitoring channels (projects/P/notificationChannels/N) that hear of database connection failures."
  type        = list(string)
  nullable    = false
}
