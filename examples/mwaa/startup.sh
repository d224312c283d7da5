#!/bin/sh
# MWAA's startup script: runs on schedulers, workers and web servers before Airflow starts, and is how variables get into tasks.
export TEMPORAL_ADDRESS=temporal.example.internal:7233
export TEMPORAL_NAMESPACE=default
