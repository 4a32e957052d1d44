import { titleOf } from '../format.js';
import { brandOf } from './brands.js';
import { creativePage, landingPage } from './pages.js';

const [, , brandId, first, second] = location.pathname.split('/').map(decodeURIComponent);
const language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';
const brand = brandOf(brandId, language);
const isLanding = second !== undefined;
const name = isLanding ? second : first;

document.title = `${titleOf(name)} · ${brand.name}`;
document.documentElement.dataset.brand = brand.id;
document.getElementById('demo').append(isLanding ? landingPage(brand, name, language) : creativePage(brand, name, language));
