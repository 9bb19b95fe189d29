"""The app: page config and navigation; nothing else."""

import streamlit as st

from advisor.ui import navigation

st.set_page_config(page_title="AI model advisor", initial_sidebar_state="collapsed")
navigation.run()
