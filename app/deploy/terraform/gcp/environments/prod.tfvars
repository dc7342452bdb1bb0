# prod. No secret stands here: the password comes from TF_VAR_db_password, the image from TF_VAR_image.
project     = "vividly-prod"
region      = "europe-west1"
environment = "prod"

db_connection       = "vpc"
db_tier             = "db-custom-2-7680"
db_highly_available = true

instances             = { min = 2, max = 20 }
notification_channels = []
