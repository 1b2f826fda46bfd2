"""Diagnoses by what they judge: scores, the course of a training, and inputs."""
