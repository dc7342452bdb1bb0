locals {
  name         = "prompts-${var.environment}"
  socket       = var.db_connection == "cloudsql-socket"
  port         = 8080
  secret       = google_secret_manager_secret.database_url.secret_id
  secret_named = coalesce(var.secret_version, google_secret_manager_secret_version.database_url.version)

  # The boot refuses a URL of the other way, with the line to put instead.
  settings = {
    SCHEMAGATE_CONNECTION = local.socket ? "socket" : "tcp"
    SCHEMAGATE_TLS        = "require"
  }
}

module "database_url" {
  source        = "../database_url"
  db_connection = var.db_connection
  db_host       = local.socket ? "/cloudsql/${google_sql_database_instance.this.connection_name}" : google_sql_database_instance.this.private_ip_address
  db_user       = var.db_user
  db_password   = var.db_password
  db_name       = var.db_name
}
