import './style/all.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { startLanguage } from './text/text.ts';

const page = document.getElementById('page');
if (page) void startLanguage().then(() => render(<App />, page));
