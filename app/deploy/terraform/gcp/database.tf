resource "google_sql_database_instance" "this" {
  name                = local.name
  database_version    = "POSTGRES_15"
  region              = var.region
  deletion_protection = var.environment == "prod"
  depends_on          = [google_service_networking_connection.services]

  settings {
    edition           = "ENTERPRISE"
    tier              = var.db_tier
    availability_type = var.db_highly_available ? "REGIONAL" : "ZONAL"

    ip_configuration {
      ipv4_enabled    = local.socket # the built-in connector's way; it lets in nobody without an IAM grant
      private_network = google_compute_network.this.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }
  }
}

resource "google_sql_database" "this" {
  name     = var.db_name
  instance = google_sql_database_instance.this.name
}

resource "google_sql_user" "this" {
  name                = var.db_user
  instance            = google_sql_database_instance.this.name
  password_wo         = var.db_password
  password_wo_version = var.db_password_version
  deletion_policy     = "ABANDON" # it owns the tables
}
