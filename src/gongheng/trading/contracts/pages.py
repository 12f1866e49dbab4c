"""The pages of this room."""

from django.urls import URLPattern

ROUTES: list[URLPattern] = []
