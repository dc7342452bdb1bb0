# What build 3 of the incident did not have. Without it the boot ends with exit 69 and the stage "connect".
resource "google_project_service" "needed" {
  for_each           = toset(["compute", "iam", "logging", "monitoring", "run", "secretmanager", "servicenetworking", "sqladmin", "vpcaccess", "cloudresourcemanager"])
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

resource "google_compute_network" "this" {
  name                    = local.name
  auto_create_subnetworks = false
  depends_on              = [google_project_service.needed]
}

# The range from which Cloud SQL takes its private IP.
resource "google_compute_global_address" "services" {
  name          = "${local.name}-services"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 16
  network       = google_compute_network.this.id
}

resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
}

resource "google_vpc_access_connector" "this" {
  name          = "${local.name}-vpc" # at most 25 characters
  region        = var.region
  network       = google_compute_network.this.name
  ip_cidr_range = var.connector_cidr
  min_instances = 2
  max_instances = 3
  depends_on    = [google_project_service.needed]
}
