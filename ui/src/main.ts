import './type.css';
import './theme.css';
import { mount } from 'svelte';
import App from './App.svelte';

mount(App, { target: document.getElementById('page')! });

if (new URLSearchParams(location.search).has('measure')) void import('./lib/measure');
