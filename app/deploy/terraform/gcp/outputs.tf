output "service_url" {
  value = google_cloud_run_v2_service.this.uri
}

output "migrate" {
  description = "What to run before the service is rolled out."
  value       = "gcloud run jobs execute ${google_cloud_run_v2_job.migrate.name} --region=${var.region} --wait"
}

output "rotate" {
  description = "How the secret is changed from then on."
  value       = "app/deploy/rotate-database-url ${google_secret_manager_secret.database_url.secret_id} --project ${var.project} --dry-run"
}
