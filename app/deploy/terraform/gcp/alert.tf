# Database connection failures, from the line in which every boot that fails says why (exit 69: unreachable; 78: the URL,
# the password, the role, the database or TLS refused), of the service and the job alike.
resource "google_monitoring_alert_policy" "database_connection" {
  display_name          = "${local.name}: a boot could not connect to its database"
  combiner              = "OR"
  notification_channels = var.notification_channels
  depends_on            = [google_project_service.needed]

  conditions {
    display_name = "boot_failed with exit 69 or 78"
    condition_matched_log {
      filter = <<-FILTER
        (resource.type="cloud_run_revision" AND resource.labels.service_name="${google_cloud_run_v2_service.this.name}")
        OR (resource.type="cloud_run_job" AND resource.labels.job_name="${google_cloud_run_v2_job.migrate.name}")
        jsonPayload.event="boot_failed"
        (jsonPayload.exit=69 OR jsonPayload.exit=78)
      FILTER
      label_extractors = {
        code = "EXTRACT(jsonPayload.code)"
      }
    }
  }
  alert_strategy {
    notification_rate_limit {
      period = "300s"
    }
    auto_close = "1800s"
  }
  documentation {
    mime_type = "text/markdown"
    content   = "The log line's `fix` says what to do; the finding is the label `code`. The runbook: app/deploy/DEPLOYMENT_GUIDE.md."
  }
}
