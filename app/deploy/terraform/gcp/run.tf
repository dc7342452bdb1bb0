# The service migrates at boot by itself (service_mode = "apply"). The job does so beforehand: for a migration that takes
# longer than a start-up probe may last, and for those who want to see it done before they roll out.
resource "google_cloud_run_v2_job" "migrate" {
  name                = "${local.name}-migrate"
  location            = var.region
  deletion_protection = var.environment == "prod"
  depends_on          = [google_secret_manager_secret_iam_member.service, google_project_iam_member.connector, google_sql_database.this, google_sql_user.this]

  template {
    template {
      service_account = google_service_account.service.email
      timeout         = "3600s"
      max_retries     = 0 # Cloud Run knows no exit codes: 69 and 75 are worth a retry, the others are not

      dynamic "vpc_access" {
        for_each = local.socket ? [] : [google_vpc_access_connector.this.id]
        content {
          connector = vpc_access.value
          egress    = "PRIVATE_RANGES_ONLY"
        }
      }
      dynamic "volumes" {
        for_each = local.socket ? [google_sql_database_instance.this.connection_name] : []
        content {
          name = "cloudsql"
          cloud_sql_instance {
            instances = [volumes.value]
          }
        }
      }

      containers {
        image = var.image
        args  = ["migrate"]
        dynamic "env" {
          for_each = local.settings
          content {
            name  = env.key
            value = env.value
          }
        }
        env {
          name = "DATABASE_URL"
          value_source {
            secret_key_ref {
              secret  = local.secret
              version = local.secret_named
            }
          }
        }
        dynamic "volume_mounts" {
          for_each = local.socket ? ["/cloudsql"] : []
          content {
            name       = "cloudsql"
            mount_path = volume_mounts.value
          }
        }
      }
    }
  }
}

resource "google_cloud_run_v2_service" "this" {
  name                = local.name
  location            = var.region
  deletion_protection = var.environment == "prod"
  depends_on          = [google_secret_manager_secret_iam_member.service, google_project_iam_member.connector, google_sql_database.this, google_sql_user.this]

  template {
    service_account = google_service_account.service.email
    scaling {
      min_instance_count = var.instances.min
      max_instance_count = var.instances.max
    }

    dynamic "vpc_access" {
      for_each = local.socket ? [] : [google_vpc_access_connector.this.id]
      content {
        connector = vpc_access.value
        egress    = "PRIVATE_RANGES_ONLY"
      }
    }
    dynamic "volumes" {
      for_each = local.socket ? [google_sql_database_instance.this.connection_name] : []
      content {
        name = "cloudsql"
        cloud_sql_instance {
          instances = [volumes.value]
        }
      }
    }

    containers {
      image = var.image
      ports {
        container_port = local.port
      }
      resources {
        cpu_idle = false # the boot works between requests, before there are any
        limits   = { cpu = "1", memory = "512Mi" }
      }
      # HTTP, never TCP: the port listens from the start, and what counts is whether the gate is open.
      startup_probe {
        period_seconds    = 5
        timeout_seconds   = 2
        failure_threshold = 48 # 240 s, the most that Cloud Run grants
        http_get {
          path = "/readyz"
          port = local.port
        }
      }
      liveness_probe {
        period_seconds  = 10
        timeout_seconds = 2
        http_get {
          path = "/livez" # readiness here would restart every instance when the database goes away
          port = local.port
        }
      }
      dynamic "env" {
        for_each = merge(local.settings, { SCHEMAGATE_MODE = var.service_mode })
        content {
          name  = env.key
          value = env.value
        }
      }
      env {
        name = "DATABASE_URL"
        value_source {
          secret_key_ref {
            secret  = local.secret
            version = local.secret_named
          }
        }
      }
      dynamic "volume_mounts" {
        for_each = local.socket ? ["/cloudsql"] : []
        content {
          name       = "cloudsql"
          mount_path = volume_mounts.value
        }
      }
    }
  }
}
