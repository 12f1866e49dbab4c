"""Every address of a node, collected from the rooms."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
